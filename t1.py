import numpy as np,time
from foedus.blocs.exact import partition
from foedus.blocs.optima import optima
E=[(0, 1, -2), (0, 2, -1), (0, 3, -2), (0, 4, -2), (1, 2, 1), (1, 3, 1), (1, 4, 3), (2, 3, -4), (2, 4, -3), (3, 4, -2)]
i=np.array([e[0] for e in E]);j=np.array([e[1] for e in E]);w=np.array([e[2] for e in E],float)
for s in range(3):
    t=time.time();p=partition(5,i,j,w,seed=s);t1=time.time();o=optima(5,i,j,w,p);print(p.value,p.proved,o,t1-t,time.time()-t1)
